"""Rewrites, hypothetical answers, sub-questions and resolved follow-ups for the queries of labs/rag/corpus.json.

A large language model (Claude) wrote them from the wording of the questions, every eleventh of the corpus, before any
of them was scored; they are frozen here. The experiments on them are in query_transform.py.
"""

from __future__ import annotations

FIRST, STEP = 3, 11
"""The queries are numbers 3, 14, 25 … of the corpus."""

REWRITES: list[tuple[str, str, str]] = [
    # (rewrite, rewrite, hypothetical passage)
    (
        "增大 batch size 对解码阶段延迟和吞吐的影响",
        "大模型推理 解码 显存带宽瓶颈 批量 算术强度 临界点",
        "解码每步都要把全部权重读一遍，瓶颈是显存带宽而不是算力。批量增大时权重读取由多条序列分摊，"
        "时间几乎不变，直到算术强度达到算力与带宽之比，之后转为计算瓶颈。",
    ),
    (
        "LayerNorm 或 BatchNorm 之前的权重使用 weight decay 的作用",
        "权重衰减与归一化层的尺度不变性 有效学习率",
        "归一化层使输出对前一层权重的尺度不变，因此 L2 正则不再限制函数的复杂度；"
        "权重衰减改变的是权重的范数，从而改变有效学习率。",
    ),
    (
        "使用归一化层后权重初始化是否仍然影响训练",
        "BatchNorm LayerNorm 与 Xavier、He 初始化的关系",
        "归一化缓解了激活尺度的问题，但初始化仍影响残差支路的方差、训练初期的梯度大小与对称性破缺，"
        "深层网络仍需要按层数缩小初始化。",
    ),
    (
        "批量推理时左填充与右填充的区别",
        "decoder-only 模型生成 padding side left right attention mask",
        "decoder-only 模型批量生成时应左填充，让每条序列的最后一个 token 对齐；训练时常用右填充。"
        "填充位置要用注意力掩码屏蔽，位置编号也要相应调整。",
    ),
    (
        "Unigram 分词训练中 EM 算法 E 步的期望计算",
        "SentencePiece unigram 前向后向算法与 Viterbi 的区别",
        "一元语言模型分词的 E 步要计算每个子词在所有切分中的期望次数，用前向后向算法精确求和；"
        "只用 Viterbi 的最优切分是硬 EM，容易过早淘汰候选子词。",
    ),
    (
        "注意力矩阵的秩 softmax 打破低秩瓶颈",
        "QK 低秩 每头维度 softmax 后满秩的原因",
        "注意力分数矩阵的秩不超过每头维度，但逐元素的指数函数是非线性的，"
        "softmax 之后的矩阵一般是满秩的；这不等于表达能力没有限制。",
    ),
    (
        "FlashAttention 反向传播重计算为什么更快",
        "增加计算量却减少显存读写 IO 感知",
        "FlashAttention 在反向时重新计算注意力矩阵而不存储它，浮点运算多了，"
        "但少了对显存的读写；瓶颈是带宽，所以总时间反而减少。",
    ),
    (
        "batch size 与权重读取、KV cache 读取带宽的关系",
        "KV cache 每条序列独立 批处理 带宽瓶颈 MQA GQA",
        "权重由整批序列共用，读一次可以服务所有请求；KV cache 是每条序列私有的，"
        "批量增大时读取量同比例增加，算术强度不变，需要 GQA 等方法减少缓存。",
    ),
    (
        "注意力掩码导致 NaN 的排查方法",
        "整行被掩码 softmax 负无穷 NaN 调试",
        "若某一行全部被掩码，softmax 的输入都是负无穷，会得到 NaN。"
        "检查填充掩码与因果掩码相与后是否有全空的行，以及半精度下用的极小值是否溢出。",
    ),
    (
        "在线 softmax 与注意力输出的一遍计算",
        "FlashAttention online softmax 归一化 两遍与一遍",
        "softmax 要输出每个概率，必须先知道最大值与分母，因此至少两遍；"
        "注意力只要加权和，可以边读边维护最大值、分母和累积输出，用修正因子重新缩放，一遍完成。",
    ),
    (
        "self-attention 与循环神经网络的比较",
        "注意力机制 RNN 并行 路径长度 计算复杂度",
        "自注意力可以并行计算，任意两个位置之间的路径长度是常数，便于学习长距离依赖；"
        "代价是随序列长度平方增长的计算与显存，以及需要位置编码。",
    ),
    (
        "位置插值 Position Interpolation 与 NTK-aware 的比较",
        "RoPE 长度外推 PI NTK 微调 免训练 效果",
        "位置插值把所有频率同比例压缩，需要少量微调；NTK-aware 改变 RoPE 的底数，"
        "高频少动、低频多压，不微调时效果更好，微调后位置插值可能更优。",
    ),
    (
        "正弦位置编码 平移是线性变换 旋转矩阵",
        "Transformer sinusoidal positional encoding 相对位置 证明 正弦与余弦成对",
        "正弦位置编码每对维度是同一频率的正弦与余弦，平移一段距离等于对这一对做旋转，"
        "旋转角只取决于距离；只有正弦而没有余弦就写不成线性变换。",
    ),
    (
        "BatchNorm 之前的卷积或全连接层 bias 是否多余",
        "批归一化 减均值 偏置被抵消",
        "批归一化会减去均值，前一层的偏置对每个样本都加同一个常数，恰好被减掉，"
        "因此可以去掉偏置，由 BN 自己的平移参数承担。",
    ),
    (
        "NLP 中 LayerNorm 相对 BatchNorm 的优势",
        "Transformer 归一化 选择 变长序列 批统计量",
        "BatchNorm 依赖批内统计量，变长序列、填充和小批量让统计不稳定，训练与推理也不一致；"
        "LayerNorm 在每个 token 的特征维上归一化，与批量无关。",
    ),
    (
        "残差连接 梯度 恒等路径 推导",
        "ResNet 恒等映射 反向传播 梯度消失 爆炸",
        "对残差块求导得到单位阵加支路的雅可比，连乘展开后含有恒等项，梯度能直接传到浅层；"
        "但这不保证梯度不爆炸，也不保证各项不会互相抵消。",
    ),
    (
        "teacher forcing 的缺点 曝光偏差",
        "训练用真实前缀 推理用自己的输出 不一致",
        "教师强制在训练时总给模型真实的前缀，推理时模型却以自己的输出为前缀，"
        "两种分布不一致，早期的错误会累积，这叫曝光偏差。",
    ),
    (
        "dropout 在残差网络中的位置 残差分支与主干",
        "Transformer residual dropout 放在哪里",
        "dropout 放在残差支路的输出上，再与主干相加，恒等通路保持完整；放在主干上会逐层丢弃信息，信号随层数指数衰减。",
    ),
    (
        "强化学习能否解决 exposure bias",
        "RLHF 在自己生成的序列上训练 曝光偏差",
        "RLHF 让模型在自己采样的序列上得到反馈，训练与推理的前缀分布一致，"
        "因此能减轻曝光偏差；但奖励稀疏，又有 KL 约束，不能完全消除。",
    ),
    (
        "Muon 优化器与 Adam 的关系",
        "正交化动量 Newton–Schulz 符号下降 谱范数",
        "Muon 对动量矩阵做正交化，相当于谱范数下的最速下降；Adam 忽略动量时近似符号下降，"
        "是无穷范数下的最速下降，两者都丢掉了梯度的尺度。",
    ),
    (
        "指令数据筛选 从二十万条选五千条 质量与多样性",
        "SFT 数据选择 IFD 聚类 去重",
        "先去重和规则清洗，再用质量打分、IFD 等指标筛选，"
        "然后在嵌入空间聚类，按类别均衡抽样以保证多样性，最后人工抽查。",
    ),
    (
        "合成数据与知识蒸馏的区别",
        "synthetic data 与 distillation 的关系 教师模型生成数据",
        "用强模型生成数据训练小模型是序列级蒸馏，属于合成数据的一种；"
        "合成数据还包括自我生成、规则生成与执行验证，不一定有更强的教师。",
    ),
    (
        "浮点数 subnormal denormal 的作用 下溢",
        "次正规数 渐进下溢 FP16 最小值",
        "次正规数让浮点数在接近零时均匀地变小而不是突然归零，"
        "没有它，绝对值小于最小正规数的结果都会变成零，两个不同的数相减也可能得零。",
    ),
    (
        "gradient accumulation 与 loss scaling 混合精度一起使用的注意事项",
        "梯度累积 除以步数 GradScaler 溢出检查 unscale",
        "累积期间缩放因子应保持不变，损失先除以累积步数，累积完成后再反缩放、裁剪、检查溢出，然后更新缩放因子。",
    ),
    (
        "Adapter 微调训练速度 冻结参数 反向计算量",
        "适配器 不求权重梯度 节省计算",
        "适配器微调冻结主干，不必计算主干权重的梯度，反向只需传递激活的梯度，"
        "省去约三分之一的计算和优化器更新，所以训练步更快。",
    ),
    (
        "参数高效微调的显存节省来源",
        "LoRA 优化器状态 梯度 激活值 显存占用",
        "冻结的参数不需要梯度和优化器状态，这是省下的大头；权重本身仍要加载，激活值仍要保存以便反向传播，所以没有省。",
    ),
    (
        "4.127 bit 每参数 NF4 双重量化 计算",
        "分块量化 块大小 64 缩放因子开销",
        "NF4 每个参数 4 bit，每 64 个参数共用一个缩放因子，双重量化把缩放因子压到 8 bit，"
        "再加二级常数，平均 4.127 bit；块越小，缩放因子的开销越大。",
    ),
    (
        "训练 loss 从一开始上升的原因与排查步骤",
        "微调损失上升 学习率过大 标签错位 调试",
        "损失一开始就上升，先检查学习率与预热，再检查标签对齐、损失掩码和聊天模板，"
        "然后检查精度溢出、权重加载与数据质量。",
    ),
    (
        "prefix tuning 和 prompt tuning 的差异",
        "前缀微调 每层加前缀 软提示 小模型效果",
        "Prompt Tuning 只在输入嵌入前加可训练的向量，Prefix Tuning 在每一层的键和值前加前缀，"
        "可训练参数更多、表达力更强，所以小模型上也有效。",
    ),
    (
        "少量回放数据为何能防止灾难性遗忘",
        "replay 比例 5% 持续学习 遗忘",
        "微调时混入少量旧数据，旧任务的梯度会把参数拉回，"
        "遗忘集中在少数方向上，只要在这些方向上有约束，就能大幅减轻灾难性遗忘。",
    ),
    (
        "小样本人工评测设计 GSB 成对比较 统计功效",
        "50 道题 人评 预算 分层抽样 置信区间",
        "预算有限时用成对比较而不是绝对打分，同一题两个模型对比，"
        "题目按场景分层抽样，盲评并打乱左右，报告置信区间与平局率。",
    ),
]

COMPARISONS: list[tuple[str, tuple[str, str], tuple[str, str]]] = [
    # (question about two pages, sub-questions, the two pages)
    (
        "LoRA 和 BitFit 哪个可训练的参数更少？",
        ("LoRA 的可训练参数量", "BitFit 的可训练参数量"),
        ("finetuning/lora", "finetuning/bitfit"),
    ),
    (
        "BPE 与 WordPiece 挑选合并对的标准有什么不同？",
        ("BPE 怎样挑选合并对", "WordPiece 怎样挑选合并对"),
        ("tokenization/bpe", "tokenization/wordpiece"),
    ),
    (
        "LayerNorm 和 BatchNorm 各在哪个维度上求均值？",
        ("LayerNorm 在哪个维度上求均值", "BatchNorm 在哪个维度上求均值"),
        ("transformer/layernorm", "transformer/batchnorm"),
    ),
    (
        "GQA 与 MLA 谁的 KV cache 更小？",
        ("GQA 的 KV cache 有多大", "MLA 的 KV cache 有多大"),
        ("attention/gqa", "attention/mla"),
    ),
    (
        "YaRN 和 RoPE 是什么关系？",
        ("RoPE 的原理", "YaRN 的原理"),
        ("position/rope", "position/yarn"),
    ),
    (
        "Adam 与 Muon 各要存几份优化器状态？",
        ("Adam 的优化器状态", "Muon 的优化器状态"),
        ("pretraining/adam", "pretraining/muon"),
    ),
    (
        "CLM 和 MLM 每个序列各得到多少训练信号？",
        ("因果语言模型每个序列的训练信号", "掩码语言模型每个序列的训练信号"),
        ("pretraining/causal-lm", "pretraining/mlm"),
    ),
    (
        "QLoRA 与 AdaLoRA 分别改进了 LoRA 的哪一点？",
        ("QLoRA 改进了什么", "AdaLoRA 改进了什么"),
        ("finetuning/qlora", "finetuning/adalora"),
    ),
    (
        "困惑度和 BLEU 各需要参考答案吗？",
        ("困惑度怎样计算", "BLEU 怎样计算，需要参考答案吗"),
        ("evaluation/intrinsic-evaluation-perplexity", "evaluation/bleu"),
    ),
    (
        "预热和梯度裁剪之外，残差连接与 Pre-LN 谁更能稳定训练？",
        ("残差连接怎样稳定训练", "Pre-LN 怎样稳定训练"),
        ("transformer/residual-connection", "transformer/pre-ln"),
    ),
    (
        "线性注意力与稀疏注意力怎样各自降低平方复杂度？",
        ("线性注意力怎样降低复杂度", "稀疏注意力怎样降低复杂度"),
        ("attention/linear-attention", "attention/sparse-attention"),
    ),
    (
        "数据有重复时，复读机问题和灾难性遗忘哪个会加重？",
        ("复读机问题的成因", "灾难性遗忘的成因"),
        ("reliability/repetition-problem", "reliability/catastrophic-forgetting"),
    ),
]

FOLLOW_UPS: list[tuple[str, str, str, str]] = [
    # (earlier turn, follow-up, follow-up made self-contained, page)
    ("什么是 GQA？", "那它能省多少缓存？", "GQA 能省多少 KV cache？", "attention/gqa"),
    ("讲讲 LoRA 的原理。", "推理时会变慢吗？", "LoRA 推理时会变慢吗？", "finetuning/lora"),
    ("RoPE 是怎么做的？", "它为什么能表示相对位置？", "RoPE 为什么能表示相对位置？", "position/rope"),
    ("什么是 BPE 分词？", "训练它要多长时间？", "训练 BPE 分词器要多长时间？", "tokenization/bpe"),
    ("介绍一下 FlashAttention。", "结果是近似的吗？", "FlashAttention 的结果是近似的吗？", "attention/flash-attention"),
    ("Muon 优化器是什么？", "和前一种相比显存占用呢？", "Muon 优化器的显存占用", "pretraining/muon"),
    ("什么是 Adapter 微调？", "插在哪里？", "Adapter 插在网络的哪里？", "finetuning/adapter-tuning"),
    (
        "困惑度是什么？",
        "词表不同还能比吗？",
        "词表不同的模型能比较困惑度吗？",
        "evaluation/intrinsic-evaluation-perplexity",
    ),
    ("解释知识蒸馏。", "温度起什么作用？", "知识蒸馏的温度起什么作用？", "pretraining/knowledge-distillation"),
    ("什么是梯度累积？", "它和大批量等价吗？", "梯度累积和大批量等价吗？", "numerics/training-memory"),
    ("DeepNorm 是什么？", "它为什么能训练上千层？", "DeepNorm 为什么能训练上千层？", "transformer/pre-ln"),
    ("Word2Vec 怎么训练？", "负样本怎么取？", "Word2Vec 的负样本怎么取？", "tokenization/word2vec"),
]
